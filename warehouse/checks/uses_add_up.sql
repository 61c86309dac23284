-- A creator's uses of a day are what the day's uses by content add up to.
with by_content as (
    select day, creator_id, content_type, sum(uses) as uses
    from {{ ref('daily') }}
    where day in (select day from {{ source('landing', 'touched_days') }})
    group by day, creator_id, content_type
    having sum(uses) > 0
),

by_creator as (
    select day, creator_id, content_type, uses
    from {{ ref('creator_daily') }}
    where day in (select day from {{ source('landing', 'touched_days') }})
)

select c.day, c.uses as daily_uses, b.uses as creator_uses
from by_content as c
full outer join by_creator as b
    on b.day = c.day and b.creator_id = c.creator_id and b.content_type = c.content_type
where c.day is null or b.day is null or c.uses <> b.uses
