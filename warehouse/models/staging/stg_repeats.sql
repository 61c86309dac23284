-- Identities with more than one copy in a day, and where the first received copy stands. Most identities have one copy,
-- so half of the identity finds the suspects first: a narrow key in a small table; only suspects are compared in full.
with suspects as (
    {{ repeated_ids() }}
),

copies as (
    select
        e.occurred_day, e.id_high, e.id_low, e.content_hash, e.node, e.segment, e.line,
        {{ arrival('e.received_us', 'n.node_rank', 'e.segment', 'e.line') }} as arrival
    from {{ ref('stg_events') }} as e
    join suspects as s on s.occurred_day = e.occurred_day and s.id_high = e.id_high
    join {{ source('landing', 'nodes') }} as n on n.node = e.node
)

select
    occurred_day,
    id_high,
    id_low,
    count(*) as copies,
    min(content_hash) <> max(content_hash) as disagree,
    min_by(node, arrival) as first_node,
    min_by(segment, arrival) as first_segment,
    min_by(line, arrival) as first_line
from copies
group by occurred_day, id_high, id_low
having count(*) > 1
