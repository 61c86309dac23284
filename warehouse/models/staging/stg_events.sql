-- Every landed line, with its place in the total order of arrival. What is optional is '' where it is absent.
select
    e.occurred_day,
    e.id_high,
    e.id_low,
    e.content_hash,
    e.source,
    e.id,
    e.type,
    e.occurred_us,
    e.received_us,
    e.content_id,
    e.content_type,
    e.creator_id,
    e.user_id,
    e.action,
    coalesce(e.brand_id, '') as brand_id,
    coalesce(e.template_id, '') as template_id,
    coalesce(e.country, '') as country,
    coalesce(e.plan, '') as plan,
    e.trace_id,
    e.node,
    e.segment,
    e.line,
    {{ arrival('e.received_us', 'n.node_rank', 'e.segment', 'e.line') }} as arrival
from {{ source('landing', 'events') }} as e
join {{ source('landing', 'nodes') }} as n on n.node = e.node
