-- Every usage event that was received first and agrees with its copies; `is_use` says whether it is the one that
-- counts for its user, content and day.
select
    e.*,
    coalesce(c.rule, 'per_day') as rule,
    coalesce(c.rule, 'per_day') = 'every_event'
    or s.first_line is null
    or (e.line = s.first_line and e.segment = s.first_segment and e.node = s.first_node) as is_use
from {{ ref('first_events') }} as e
left join {{ source('landing', 'counting') }} as c on c.content_type = e.content_type
left join {{ ref('shared_uses') }} as s
    on s.occurred_day = e.occurred_day and s.user_id = e.user_id and s.content_id = e.content_id
where e.type = 'com.vitrine.usage.v1'
