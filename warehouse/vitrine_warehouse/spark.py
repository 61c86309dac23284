"""The models on Apache Spark: a session in this process, against a standalone cluster or within the process.

Spark builds the tables of the marts, as Parquet under ROOT. What reads them (tests, exports, questions) is DuckDB, by
views of the same names. The session's catalog lives in memory: nothing outlasts a run but the files.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb

from .engine import text
from .layout import Layout
from .sources import TABLES, Work

# Replaced day by day; the other tables are made whole in each run.
BY_DAY = ("daily", "creator_daily", "quarantine")
WHOLE = ("payouts", "adjustments")
TYPES = {"string": "varchar", "bigint": "bigint", "int": "integer", "date": "date", "boolean": "boolean"}


def prepare(layout: Layout, work: Work, anew: bool) -> None:
    """Removes what is to be built, and starts the session dbt will use, with the sources and what is kept."""
    withdraw(layout)
    kept = clear(layout, work, anew)
    session = start(layout)
    for schema in ("landing", "models", "marts"):
        session.sql(f"create schema if not exists {schema}")
    tables = layout.spark / "sources"
    tables.mkdir(exist_ok=True)
    with duckdb.connect(str(layout.database), read_only=True) as connection:
        for name in TABLES:
            path = tables / f"{name}.parquet"
            connection.execute(f"copy landing.{name} to {text(path)} (format parquet)")
            register(session, f"landing.{name}", path)
    register(session, "landing.events", layout.parquet, "occurred_day")
    for mart in kept:
        register(session, f"marts.{mart}", folder(layout, mart), "day")


def start(layout: Layout):
    from pyspark.sql import SparkSession

    driver = os.environ.get("VITRINE_SPARK_DRIVER", "127.0.0.1")
    if driver == "127.0.0.1":
        os.environ.setdefault("SPARK_LOCAL_IP", driver)
    settings = {
        "spark.driver.host": driver,
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={layout.scratch}",
        "spark.local.dir": layout.scratch,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": warehouse(layout).as_uri(),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        # Sums and differences keep their nine digits, or fail where 38 are not enough; Spark would round them.
        "spark.sql.decimalOperations.allowPrecisionLoss": "false",
        "spark.sql.shuffle.partitions": os.environ.get("VITRINE_SPARK_PARTITIONS", "8"),
        "spark.executor.memory": os.environ.get("VITRINE_SPARK_MEMORY", "1g"),
    }
    builder = SparkSession.builder.appName("vitrine").master(os.environ.get("VITRINE_SPARK_MASTER", "local[2]"))
    for name, value in settings.items():
        builder = builder.config(name, str(value))
    session = builder.getOrCreate()
    # dbt asks for the session at every statement, and Spark warns that there is one.
    session.sparkContext.setLogLevel("ERROR")
    return session


def warehouse(layout: Layout) -> Path:
    return layout.spark / "warehouse"


def folder(layout: Layout, mart: str) -> Path:
    return warehouse(layout) / "marts.db" / mart


def clear(layout: Layout, work: Work, anew: bool) -> list[str]:
    """Removes the files of the days that are built, and what a killed run left. Returns the tables that have rows."""
    if anew:
        shutil.rmtree(warehouse(layout), ignore_errors=True)
    warehouse(layout).mkdir(parents=True, exist_ok=True)
    for mart in WHOLE:
        shutil.rmtree(folder(layout, mart), ignore_errors=True)
    kept = []
    for mart in BY_DAY:
        place = folder(layout, mart)
        if not place.exists():
            continue
        left = 0
        for path in place.iterdir():
            day = path.name.removeprefix("day=")
            if day != path.name and not any(first <= day <= last for first, last in work.batches):
                left += 1
            elif path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        if left:
            kept.append(mart)
        else:
            place.rmdir()
    return kept


def register(session, name: str, path: Path, partition: str | None = None) -> None:
    session.catalog.createTable(name, path=path.as_uri(), source="parquet")
    if partition is not None:
        session.catalog.recoverPartitions(name)


def withdraw(layout: Layout) -> None:
    """Takes the marts away from readers, since their files are about to change."""
    with duckdb.connect(str(layout.database)) as connection:
        connection.execute("create schema if not exists marts")
        for mart in BY_DAY + WHOLE:
            drop(connection, mart)


def publish(layout: Layout) -> None:
    """Gives the marts to readers: views of Spark's files."""
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    with duckdb.connect(str(layout.database)) as connection:
        connection.execute("begin")
        for mart in BY_DAY + WHOLE:
            columns = {one.name: TYPES.get(one.dataType.simpleString(), one.dataType.simpleString())
                       for one in session.table(f"marts.{mart}").schema.fields}
            drop(connection, mart)
            connection.execute(f"create view marts.{mart} as {rows(layout, mart, columns)}")
        connection.execute("commit")


def rows(layout: Layout, mart: str, columns: dict[str, str]) -> str:
    """A query for what Spark wrote, which may be no file at all."""
    typed = ", ".join(f"cast({{}} as {kind}) as {name}" for name, kind in columns.items())
    if not any(folder(layout, mart).rglob("*.parquet")):
        return f"select {typed.format(*['null'] * len(columns))} where false"
    files = text(folder(layout, mart) / "**" / "*.parquet")
    partitioned = "true, hive_types = {'day': DATE}" if mart in BY_DAY else "false"
    return f"select {typed.format(*columns)} from read_parquet({files}, hive_partitioning = {partitioned})"


def drop(connection: duckdb.DuckDBPyConnection, mart: str) -> None:
    kinds = connection.execute("select table_type from information_schema.tables "
                               "where table_schema = 'marts' and table_name = ?", [mart]).fetchall()
    for (kind,) in kinds:
        connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} marts.{mart}")


def release() -> None:
    """Ends the session and its JVM's work."""
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is not None:
        session.stop()
