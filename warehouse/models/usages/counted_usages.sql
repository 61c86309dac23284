-- Uses after the caps on fraud: of a user's uses of a day the first N received count, then of a creator's. `capped` is
-- '' for what counts, else the cap that took it. Without caps this costs nothing; with them, only the uses of users and
-- creators beyond their cap are ranked.
{%- set scopes = [] -%}
{%- if execute -%}
    {%- for row in run_query('select distinct scope from landing.caps').rows -%}
        {%- do scopes.append(row[0]) -%}
    {%- endfor -%}
{%- endif %}
with uncapped as (
    select u.*, cast('' as {{ dbt.type_string() }}) as capped_before from {{ ref('usages') }} as u
)
{%- set latest = namespace(name='uncapped') -%}
{%- for scope in ['user', 'creator'] if scope in scopes %}
,

{{ scope }}_limits as (
    select n.occurred_day, n.{{ scope }}_id, min(c.uses_max) as uses_max
    from (
        select occurred_day, {{ scope }}_id, count(*) as uses
        from {{ latest.name }}
        where is_use and capped_before = ''
        group by occurred_day, {{ scope }}_id
    ) as n
    join {{ source('landing', 'caps') }} as c
        on c.scope = '{{ scope }}' and n.occurred_day >= c.from_day and n.occurred_day < c.to_day
    where n.uses > c.uses_max
    group by n.occurred_day, n.{{ scope }}_id
),

{{ scope }}_ranked as (
    select u.occurred_day, u.id_high, u.id_low, l.uses_max,
        row_number() over (
            partition by u.occurred_day, u.{{ scope }}_id order by u.received_us, u.node, u.segment, u.line
        ) as place
    from {{ latest.name }} as u
    join {{ scope }}_limits as l on l.occurred_day = u.occurred_day and l.{{ scope }}_id = u.{{ scope }}_id
    where u.is_use and u.capped_before = ''
),

{{ scope }}_capped as (
    select {{ columns_of_usages('u') }},
        case when r.place is not null then '{{ scope }}' else u.capped_before end as capped_before
    from {{ latest.name }} as u
    left join {{ scope }}_ranked as r
        on r.occurred_day = u.occurred_day and r.id_high = u.id_high and r.id_low = u.id_low
        and r.place > r.uses_max
)
{%- set latest.name = scope ~ '_capped' -%}
{%- endfor %}

select {{ columns_of_usages('u') }}, u.capped_before as capped, u.is_use and u.capped_before = '' as counts
from {{ latest.name }} as u
