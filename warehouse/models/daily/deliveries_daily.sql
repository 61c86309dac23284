{{ config(materialized='view') }}
-- What edges sent besides usage, by day and what it is about: deliveries of pictures with the requests and bytes they
-- add up, to be compared with the access log, and exposures. `events` are lines received first, each counted once.
with reported as (
    select
        e.occurred_day,
        e.type,
        e.node,
        e.source,
        e.content_id,
        e.action,
        {{ member_number('e.extra', 'status') }} as status,
        {{ member_number('e.extra', 'requests') }} as requests,
        {{ member_number('e.extra', 'bytes') }} as bytes
    from {{ ref('deliveries') }} as e
)

select
    occurred_day as day,
    type,
    node,
    source,
    content_id,
    action,
    status,
    cast(count(*) as bigint) as events,
    -- Whoever does not say how many reports one.
    cast(sum(case when type = 'com.vitrine.delivery.v1' then coalesce(requests, 1) else 0 end) as bigint) as requests,
    cast(sum(case when type = 'com.vitrine.delivery.v1' then coalesce(bytes, 0) else 0 end) as bigint) as bytes
from reported
group by occurred_day, type, node, source, content_id, action, status
