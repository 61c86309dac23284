"""Counting every use exactly: segments of events in, creators' payouts out.

`python -m vitrine_warehouse run --root ROOT --project WAREHOUSE` lands sealed segments as Parquet partitioned by the
day of occurrence, finds identities whose copies disagree, builds the marts by the dbt project beside this package, and
writes what changed as an export. Everything can be stopped at any instant and run again with the same result: a change
becomes visible by one transaction of the catalog or one rename, and what is not in the catalog does not count.
"""
