{{ config(materialized='by_days') }}
-- Identities whose copies disagree: 'content' where copies of one day differ, 'day' where copies lie in different days.
-- None of their copies counts; one row for each day that has copies.
with disagreeing as (
    select occurred_day, id_high, id_low, 'content' as reason
    from {{ ref('stg_repeats') }}
    where disagree
    union all
    select e.occurred_day, e.id_high, e.id_low, 'day' as reason
    from {{ ref('stg_events') }} as e
    join {{ source('landing', 'conflicts') }} as c on c.id_high = e.id_high and c.id_low = e.id_low
),

chosen as (
    select occurred_day, id_high, id_low, max(reason) as reason
    from disagreeing
    group by occurred_day, id_high, id_low
)

select
    e.id_high,
    e.id_low,
    min(e.source) as source,
    min(e.id) as id,
    min(c.reason) as reason,
    count(*) as copies,
    count(case when e.type = 'com.vitrine.usage.v1' then 1 end) as usage_copies,
    count(distinct e.content_hash) as contents,
    min(e.received_us) as first_received_us,
    max(e.received_us) as last_received_us,
    e.occurred_day as day
from {{ ref('stg_events') }} as e
join chosen as c on c.occurred_day = e.occurred_day and c.id_high = e.id_high and c.id_low = e.id_low
group by e.occurred_day, e.id_high, e.id_low
