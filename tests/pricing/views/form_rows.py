"""Rows of a form as a browser sends them."""


def rows(*filled: dict[str, str], initial: int = 0) -> dict[str, str]:
    """Return the form's data, the first `initial` rows being stored ones."""
    data = {"rows-TOTAL_FORMS": str(len(filled)), "rows-INITIAL_FORMS": str(initial)}
    for place, row in enumerate(filled):
        data |= {f"rows-{place}-{name}": value for name, value in row.items()}
    return data
