"""Tables of the pricing lists, and the columns that pricing adds to lists of products."""
