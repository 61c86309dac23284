-- Identities with more than one copy in a day. Most have one, so half of the identity finds the suspects first: a
-- narrow key in a small table; only suspects are compared in full.
with suspects as (
    select occurred_day, id_high
    from {{ ref('stg_events') }}
    group by occurred_day, id_high
    having count(*) > 1
)

select
    e.occurred_day,
    e.id_high,
    e.id_low,
    count(*) as copies,
    min(e.content_hash) <> max(e.content_hash) as disagree,
    min(e.arrival) as first_arrival
from {{ ref('stg_events') }} as e
join suspects as s on s.occurred_day = e.occurred_day and s.id_high = e.id_high
group by e.occurred_day, e.id_high, e.id_low
having count(*) > 1
