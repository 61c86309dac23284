-- The first received copy of every identity whose copies agree. Once an identity is in quarantine, none of its copies
-- counts. (Plain outer joins: DuckDB would copy every event for a correlated `not exists`.)
select e.*
from {{ ref('stg_events') }} as e
left join {{ ref('stg_repeats') }} as r
    on r.occurred_day = e.occurred_day and r.id_high = e.id_high and r.id_low = e.id_low
left join {{ ref('quarantine') }} as q
    on q.day = e.occurred_day and q.id_high = e.id_high and q.id_low = e.id_low
where
    q.copies is null
    and (r.copies is null or (e.line = r.first_line and e.segment = r.first_segment and e.node = r.first_node))
