-- Which event is the use, where a user, a content and a day have more than one line. Most have one, so a number made of
-- the pair finds the suspects first: a narrow key in a small table; only suspects are compared in full.
with suspects as (
    select occurred_day, {{ pair_number('user_id', 'content_id') }} as pair
    from {{ ref('use_candidates') }}
    group by occurred_day, {{ pair_number('user_id', 'content_id') }}
    having count(*) > 1
),

shared as (
    select
        c.*,
        {{ arrival('c.received_us', 'n.node_rank', 'c.segment', 'c.line') }} as arrival
    from {{ ref('use_candidates') }} as c
    join suspects as s
        on s.occurred_day = c.occurred_day and s.pair = {{ pair_number('c.user_id', 'c.content_id') }}
    join {{ source('landing', 'nodes') }} as n on n.node = c.node
)

select
    occurred_day,
    user_id,
    content_id,
    min_by(node, arrival) as first_node,
    min_by(segment, arrival) as first_segment,
    min_by(line, arrival) as first_line
from shared
group by occurred_day, user_id, content_id
having count(*) > 1
