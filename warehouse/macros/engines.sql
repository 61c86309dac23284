{#
    Everything in which the engines' SQL differs.
#}

{#
    The total order "first received": received_us, then node (its rank among all nodes' names in byte order), then the
    segment's number, then the line. DuckDB packs it into one 128-bit number: 53 bits of microseconds, 11 of the node,
    30 of the number, 22 of the line; landing refuses what would not fit. Spark compares a struct of two numbers.
#}
{% macro arrival(received_us, node_rank, segment, line) -%}
    {{ adapter.dispatch('arrival')(received_us, node_rank, segment, line) }}
{%- endmacro %}

{% macro default__arrival(received_us, node_rank, segment, line) -%}
    {{ received_us }}::hugeint * 9223372036854775808
        + ({{ node_rank }} * 4503599627370496 + {{ segment }} * 4194304 + {{ line }})
{%- endmacro %}

{% macro spark__arrival(received_us, node_rank, segment, line) -%}
    struct({{ received_us }} as received_us,
        {{ node_rank }} * 4503599627370496 + {{ segment }} * 4194304 + {{ line }} as place)
{%- endmacro %}

{# A number that is equal for equal pairs; unequal pairs may share one. #}
{% macro pair_number(first, second) -%}{{ adapter.dispatch('pair_number')(first, second) }}{%- endmacro %}
{% macro default__pair_number(first, second) -%}hash({{ first }}, {{ second }}){%- endmacro %}
{% macro spark__pair_number(first, second) -%}xxhash64({{ first }}, {{ second }}){%- endmacro %}

{#
    Numbers that more than one line of a day has: `id_high` of identities, `pair` of user and content. DuckDB's are
    found by sorting before the models run (vitrine_warehouse/repeats.py), Spark's by grouping, also in the views by
    which DuckDB reads what Spark built (`--vars`, see vitrine_warehouse/models.py).
#}
{% macro repeated_ids() -%}{{ adapter.dispatch('repeated_ids')() }}{%- endmacro %}
{% macro default__repeated_ids() -%}
    {%- if var('repeats', 'sorted') == 'grouped' -%}
    {{ grouped_ids() }}
    {%- else -%}
    select day as occurred_day, id_high from {{ source('landing', 'repeated_ids') }}
    {%- endif -%}
{%- endmacro %}
{% macro spark__repeated_ids() -%}{{ grouped_ids() }}{%- endmacro %}
{% macro grouped_ids() -%}
    select occurred_day, id_high from {{ ref('stg_events') }} group by occurred_day, id_high having count(*) > 1
{%- endmacro %}

{% macro repeated_pairs() -%}{{ adapter.dispatch('repeated_pairs')() }}{%- endmacro %}
{% macro default__repeated_pairs() -%}
    {%- if var('repeats', 'sorted') == 'grouped' -%}
    {{ grouped_pairs() }}
    {%- else -%}
    select day as occurred_day, pair from {{ source('landing', 'repeated_pairs') }}
    {%- endif -%}
{%- endmacro %}
{% macro spark__repeated_pairs() -%}{{ grouped_pairs() }}{%- endmacro %}
{% macro grouped_pairs() -%}
    select occurred_day, {{ pair_number('user_id', 'content_id') }} as pair
    from {{ ref('use_candidates') }}
    group by occurred_day, {{ pair_number('user_id', 'content_id') }}
    having count(*) > 1
{%- endmacro %}

{# An exact decimal(38, 9) to two digits, halves to the even neighbour. #}
{% macro half_even(amount) -%}{{ adapter.dispatch('half_even')(amount) }}{%- endmacro %}
{% macro default__half_even(amount) -%}
    cast((
        floor({{ hundredfold(amount) }})
        + case
            when {{ hundredfold(amount) }} - floor({{ hundredfold(amount) }}) > cast(0.5 as decimal(35, 9)) then 1
            when {{ hundredfold(amount) }} - floor({{ hundredfold(amount) }}) = cast(0.5 as decimal(35, 9))
                and cast(floor({{ hundredfold(amount) }}) as hugeint) % 2 <> 0 then 1
            else 0
        end
    ) as decimal(34, 0)) * cast(0.01 as decimal(3, 2))
{%- endmacro %}
{% macro hundredfold(amount) -%}(cast({{ amount }} as decimal(32, 9)) * cast(100 as decimal(3, 0))){%- endmacro %}
{% macro spark__half_even(amount) -%}cast(bround({{ amount }}, 2) as decimal(36, 2)){%- endmacro %}

{# A member of an event's `data` that has no column, as text; null where there is none. `extra` is JSON. #}
{% macro member_text(extra, name) -%}{{ adapter.dispatch('member_text')(extra, name) }}{%- endmacro %}
{% macro default__member_text(extra, name) -%}json_extract_string({{ extra }}, '$.data.{{ name }}'){%- endmacro %}
{% macro spark__member_text(extra, name) -%}get_json_object({{ extra }}, '$.data.{{ name }}'){%- endmacro %}

{# The same as an exact whole number from 0 on; null for anything else. #}
{% macro member_number(extra, name) -%}{{ adapter.dispatch('member_number')(extra, name) }}{%- endmacro %}
{% macro default__member_number(extra, name) -%}
    case when regexp_full_match({{ member_text(extra, name) }}, '[0-9]{1,18}')
        then cast({{ member_text(extra, name) }} as bigint) end
{%- endmacro %}
{% macro spark__member_number(extra, name) -%}
    case when {{ member_text(extra, name) }} rlike '^[0-9]{1,18}$'
        then cast({{ member_text(extra, name) }} as bigint) end
{%- endmacro %}
