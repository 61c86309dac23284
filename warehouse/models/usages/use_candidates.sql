-- Usage lines of content that counts once per user and day, those in quarantine left out. A later copy of an event
-- never comes before its first, so who looks for the first need not leave out copies.
select e.occurred_day, e.user_id, e.content_id, e.received_us, e.node, e.segment, e.line
from {{ ref('stg_events') }} as e
left join {{ source('landing', 'counting') }} as c on c.content_type = e.content_type
left join {{ ref('quarantine') }} as q
    on q.day = e.occurred_day and q.id_high = e.id_high and q.id_low = e.id_low
where e.type = 'com.vitrine.usage.v1' and q.copies is null and coalesce(c.rule, 'per_day') = 'per_day'
