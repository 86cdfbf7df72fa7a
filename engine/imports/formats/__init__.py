"""One file a format; dropping a file in here is enough to add one.

A format module offers `FORMAT`, an object with `name`, `label`, `rank` (low ones look first),
`claims(table)` and `plans(tables, options)`.
"""
