"""The only SQL: one module per table, and the migrations that make the tables."""
