"""The models on Apache Spark: a session in this process, against a standalone cluster or within the process."""

from __future__ import annotations

import os

import duckdb

from .engine import text
from .layout import Layout
from .sources import TABLES


def prepare(layout: Layout) -> None:
    """Starts the session dbt will use, and gives it the sources: the events' files, and the small tables as Parquet."""
    from pyspark.sql import SparkSession

    warehouse = layout.spark / "warehouse"
    warehouse.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    java = f"-Dderby.stream.error.file={layout.spark / 'derby.log'} -Djava.io.tmpdir={layout.scratch}"
    session = (
        SparkSession.builder.appName("vitrine")
        .master(os.environ.get("VITRINE_SPARK_MASTER", "local[2]"))
        .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.extraJavaOptions", java).config("spark.local.dir", str(layout.scratch))
        .config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.warehouse.dir", warehouse.as_uri())
        .config("spark.hadoop.javax.jdo.option.ConnectionURL",
                f"jdbc:derby:;databaseName={layout.spark / 'metastore'};create=true")
        .config("spark.sql.shuffle.partitions", os.environ.get("VITRINE_SPARK_PARTITIONS", "8"))
        .config("spark.sql.ansi.enabled", "true").config("spark.sql.sources.partitionOverwriteMode", "dynamic")
        .config("spark.executor.memory", os.environ.get("VITRINE_SPARK_MEMORY", "1g"))
        .enableHiveSupport().getOrCreate())
    for schema in ("landing", "models", "marts"):
        session.sql(f"create schema if not exists {schema}")
    tables = layout.spark / "sources"
    tables.mkdir(exist_ok=True)
    with duckdb.connect(str(layout.database), read_only=True) as connection:
        for name in TABLES:
            path = tables / f"{name}.parquet"
            connection.execute(f"copy landing.{name} to {text(path)} (format parquet)")
            register(session, name, path.as_uri())
    register(session, "events", layout.parquet.as_uri())
    if "occurred_day" in session.table("landing.events").columns:
        session.catalog.recoverPartitions("landing.events")


def release() -> None:
    """Ends the session and its JVM's work."""
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is not None:
        session.stop()


def register(session, name: str, address: str) -> None:
    session.sql(f"drop table if exists landing.{name}")
    session.catalog.createTable(f"landing.{name}", path=address, source="parquet")
