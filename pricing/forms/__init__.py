"""Forms of pricing. They check shape; the operations check rules."""
