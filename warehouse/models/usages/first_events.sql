-- The first received copy of every identity whose copies agree. Once an identity is in quarantine, none of its copies
-- counts.
select e.*
from {{ ref('stg_events') }} as e
left join {{ ref('stg_repeats') }} as r
    on r.occurred_day = e.occurred_day and r.id_high = e.id_high and r.id_low = e.id_low
left join {{ ref('quarantine') }} as q
    on q.day = e.occurred_day and q.id_high = e.id_high and q.id_low = e.id_low
where q.day is null and (r.first_arrival is null or e.arrival = r.first_arrival)
