"""Import and export of master data: files in, checked and applied by resources; files out."""
