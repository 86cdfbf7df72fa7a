"""What the tables are: the schema, the demo shop and its planted truth."""
