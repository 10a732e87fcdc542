"""The common currencies of ISO 4217 with the digits of their minor units."""

from django.db import migrations

TWO_DIGITS = {
    "AED": "UAE dirham",
    "AMD": "Armenian dram",
    "ARS": "Argentine peso",
    "AUD": "Australian dollar",
    "AZN": "Azerbaijan manat",
    "BAM": "Convertible mark",
    "BDT": "Bangladeshi taka",
    "BGN": "Bulgarian lev",
    "BOB": "Boliviano",
    "BRL": "Brazilian real",
    "BWP": "Botswana pula",
    "CAD": "Canadian dollar",
    "CHF": "Swiss franc",
    "CNY": "Yuan renminbi",
    "COP": "Colombian peso",
    "CRC": "Costa Rican colon",
    "CZK": "Czech koruna",
    "DKK": "Danish krone",
    "DOP": "Dominican peso",
    "DZD": "Algerian dinar",
    "EGP": "Egyptian pound",
    "EUR": "Euro",
    "FJD": "Fiji dollar",
    "GBP": "Pound sterling",
    "GEL": "Georgian lari",
    "GHS": "Ghana cedi",
    "GTQ": "Guatemalan quetzal",
    "HKD": "Hong Kong dollar",
    "HNL": "Honduran lempira",
    "HUF": "Hungarian forint",
    "IDR": "Indonesian rupiah",
    "ILS": "New Israeli sheqel",
    "INR": "Indian rupee",
    "JMD": "Jamaican dollar",
    "KES": "Kenyan shilling",
    "KZT": "Kazakhstan tenge",
    "LBP": "Lebanese pound",
    "LKR": "Sri Lanka rupee",
    "MAD": "Moroccan dirham",
    "MDL": "Moldovan leu",
    "MKD": "Macedonian denar",
    "MUR": "Mauritius rupee",
    "MXN": "Mexican peso",
    "MYR": "Malaysian ringgit",
    "NGN": "Nigerian naira",
    "NOK": "Norwegian krone",
    "NPR": "Nepalese rupee",
    "NZD": "New Zealand dollar",
    "PEN": "Peruvian sol",
    "PHP": "Philippine peso",
    "PKR": "Pakistan rupee",
    "PLN": "Polish zloty",
    "QAR": "Qatari rial",
    "RON": "Romanian leu",
    "RSD": "Serbian dinar",
    "SAR": "Saudi riyal",
    "SEK": "Swedish krona",
    "SGD": "Singapore dollar",
    "THB": "Thai baht",
    "TRY": "Turkish lira",
    "TTD": "Trinidad and Tobago dollar",
    "TWD": "New Taiwan dollar",
    "TZS": "Tanzanian shilling",
    "UAH": "Ukrainian hryvnia",
    "USD": "US dollar",
    "UYU": "Uruguayan peso",
    "UZS": "Uzbekistan sum",
    "ZAR": "South African rand",
    "ZMW": "Zambian kwacha",
}
NO_DIGITS = {
    "CLP": "Chilean peso",
    "ISK": "Icelandic krona",
    "JPY": "Japanese yen",
    "KRW": "South Korean won",
    "PYG": "Paraguayan guarani",
    "RWF": "Rwanda franc",
    "UGX": "Uganda shilling",
    "VND": "Vietnamese dong",
    "XAF": "CFA franc BEAC",
    "XOF": "CFA franc BCEAO",
    "XPF": "CFP franc",
}
THREE_DIGITS = {
    "BHD": "Bahraini dinar",
    "IQD": "Iraqi dinar",
    "JOD": "Jordanian dinar",
    "KWD": "Kuwaiti dinar",
    "LYD": "Libyan dinar",
    "OMR": "Omani rial",
    "TND": "Tunisian dinar",
}


def add_currencies(apps, schema_editor):
    currency = apps.get_model("pricing", "Currency")
    currency.objects.bulk_create(
        [
            currency(code=code, name=name, minor_digits=digits)
            for digits, names in ((0, NO_DIGITS), (2, TWO_DIGITS), (3, THREE_DIGITS))
            for code, name in names.items()
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):

    dependencies = [("pricing", "0002_freeze_used_plans")]

    operations = [migrations.RunPython(add_currencies, migrations.RunPython.noop)]
