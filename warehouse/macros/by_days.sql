{#
    A table that is replaced day by day: for each row of landing.batches, the rows of its days are deleted and inserted
    again in one transaction. A batch holds few enough events for the memory, so the table may be any size. The first
    time, and with --full-refresh, the table is made anew.
#}
{% materialization by_days, default %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {% if existing is not none and (flags.FULL_REFRESH or not existing.is_table) %}
        {% do adapter.drop_relation(existing) %}
        {% set existing = none %}
    {% endif %}
    {% if existing is none %}
        {% call statement('empty') %}{{ empty_table(target_relation, sql) }}{% endcall %}
        {% do adapter.commit() if target.type != 'spark' %}
    {% endif %}
    {% set batches = run_query('select from_day, to_day from landing.batches order by from_day') %}
    {% for batch in batches.rows %}
        {% do replace_days(target_relation, sql, batch[0], batch[1]) %}
    {% endfor %}
    {% call statement('main') %}select 1{% endcall %}
    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() if target.type != 'spark' %}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro empty_table(relation, sql) -%}{{ adapter.dispatch('empty_table')(relation, sql) }}{%- endmacro %}
{% macro default__empty_table(relation, sql) -%}
    create table {{ relation }} as select * from ({{ sql }}) as rows_of_days where false
{%- endmacro %}
{% macro spark__empty_table(relation, sql) -%}
    create table {{ relation }} using parquet partitioned by (day) as select * from ({{ sql }}) where false
{%- endmacro %}

{% macro replace_days(relation, sql, from_day, to_day) -%}
    {{ adapter.dispatch('replace_days')(relation, sql, from_day, to_day) }}
{%- endmacro %}

{% macro default__replace_days(relation, sql, from_day, to_day) -%}
    {% call statement('delete') %}
        delete from {{ relation }} where day between date '{{ from_day }}' and date '{{ to_day }}'
    {% endcall %}
    {% call statement('insert') %}
        insert into {{ relation }}
        select * from ({{ sql }}) as rows_of_days where day between date '{{ from_day }}' and date '{{ to_day }}'
    {% endcall %}
    {% do adapter.commit() %}
{%- endmacro %}

{# What the days held before was removed when the session began (spark.py). #}
{% macro spark__replace_days(relation, sql, from_day, to_day) -%}
    {% set columns = [] %}
    {% for column in adapter.get_columns_in_relation(relation) if column.name != 'day' and column.name[0] != '#' %}
        {% do columns.append(column.name) %}
    {% endfor %}
    {% call statement('insert') %}
        insert into {{ relation }}
        select {{ columns | unique | join(', ') }}, day from ({{ sql }})
        where day between date '{{ from_day }}' and date '{{ to_day }}'
    {% endcall %}
{%- endmacro %}
