-- Lines that are not the use of their user, content and day, because another one was received first. Most users have
-- one line for a content and day, so a number made of the pair finds the suspects first: a narrow key in a small table;
-- only suspects are compared in full.
with suspects as (
    {{ repeated_pairs() }}
),

shared as (
    select
        c.*,
        {{ arrival('c.received_us', 'n.node_rank', 'c.segment', 'c.line') }} as arrival
    from {{ ref('use_candidates') }} as c
    join suspects as s
        on s.occurred_day = c.occurred_day and s.pair = {{ pair_number('c.user_id', 'c.content_id') }}
    join {{ source('landing', 'nodes') }} as n on n.node = c.node
),

firsts as (
    select occurred_day, user_id, content_id, min(arrival) as arrival
    from shared
    group by occurred_day, user_id, content_id
    having count(*) > 1
)

select s.occurred_day, s.node, s.segment, s.line
from shared as s
join firsts as f on f.occurred_day = s.occurred_day and f.user_id = s.user_id and f.content_id = s.content_id
where s.arrival <> f.arrival
