-- Every usage event that was received first and agrees with its copies; `is_use` says whether it is the one that
-- counts for its user, content and day.
select
    e.*,
    coalesce(c.rule, 'per_day') as rule,
    coalesce(c.rule, 'per_day') = 'every_event' or m.line is null as is_use
from {{ ref('first_events') }} as e
left join {{ source('landing', 'counting') }} as c on c.content_type = e.content_type
left join {{ ref('merged_events') }} as m
    on m.occurred_day = e.occurred_day and m.line = e.line and m.segment = e.segment and m.node = e.node
where e.type = 'com.vitrine.usage.v1'
