{{ config(severity='warn') }}
-- Uses without a line in the rate card: counted, paid 0, and said.
{%- set span = run_query("select min(day), max(day) from landing.touched_days").rows[0] if execute else ['', ''] %}
select * from {{ ref('unrated_uses') }}
where day in (select day from {{ source('landing', 'touched_days') }})
{%- if span[0] %}
    -- The other days are left out before uses are added up.
    and day between date '{{ span[0] }}' and date '{{ span[1] }}'
{%- endif %}
