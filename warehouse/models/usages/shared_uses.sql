-- For content that counts once per user and day: which event is the use, where a user, a content and a day have more
-- than one event. A later copy of an event never comes before its first, so copies need not be left out here.
with candidates as (
    select e.occurred_day, e.user_id, e.content_id, e.arrival
    from {{ ref('stg_events') }} as e
    left join {{ ref('quarantine') }} as q
        on q.day = e.occurred_day and q.id_high = e.id_high and q.id_low = e.id_low
    left join {{ source('landing', 'counting') }} as c on c.content_type = e.content_type
    where e.type = 'com.vitrine.usage.v1' and q.day is null and coalesce(c.rule, 'per_day') = 'per_day'
),

suspects as (
    select occurred_day, {{ pair_number('user_id', 'content_id') }} as pair
    from candidates
    group by occurred_day, {{ pair_number('user_id', 'content_id') }}
    having count(*) > 1
)

select c.occurred_day, c.user_id, c.content_id, min(c.arrival) as first_arrival
from candidates as c
join suspects as s
    on s.occurred_day = c.occurred_day and s.pair = {{ pair_number('c.user_id', 'c.content_id') }}
group by c.occurred_day, c.user_id, c.content_id
having count(*) > 1
