{{ config(tags=['deep']) }}
-- Reads every event again, in another way than the models: a day's events are the distinct identities that have one
-- content in one day.
with identities as (
    select
        id_high,
        id_low,
        min(occurred_day) as day,
        min(type) as type,
        min(content_hash) <> max(content_hash) or min(occurred_day) <> max(occurred_day) as disagree
    from {{ source('landing', 'events') }}
    group by id_high, id_low
),

expected as (
    select day, count(*) as events
    from identities
    where not disagree and type = 'com.vitrine.usage.v1'
    group by day
),

counted as (
    select day, sum(events) as events from {{ ref('daily') }} group by day
)

select coalesce(e.day, c.day) as day, e.events as expected, c.events as counted
from expected as e
full outer join counted as c on c.day = e.day
where coalesce(e.events, 0) <> coalesce(c.events, 0)
