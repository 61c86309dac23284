-- A correction is for a period up to the last closed one, and belongs to a later one.
select a.*
from {{ ref('adjustments') }} as a
where a.for_period >= a.period
    or a.for_period > (select max(c.period) from {{ source('landing', 'closed_periods') }} as c)
