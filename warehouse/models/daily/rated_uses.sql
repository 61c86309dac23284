{{ config(materialized='view', schema='models') }}
-- Uses with the rate of their day, content type, plan and country; null where the card has none. Of the lines that fit,
-- the one with the lowest `preference` is taken: more specific first, see docs/operations/usage-warehouse.md.
with sums as (
    select day, creator_id, content_type, plan, country, sum(uses) as uses
    from {{ ref('daily') }}
    group by day, creator_id, content_type, plan, country
),

kinds as (
    select distinct day, content_type, plan, country from sums
),

chosen as (
    select k.day, k.content_type, k.plan, k.country, min_by(r.rate, r.preference) as rate
    from kinds as k
    join {{ source('landing', 'rates') }} as r
        on k.day >= r.from_day and k.day < r.to_day
        and (r.content_type = '' or r.content_type = k.content_type)
        and (r.plan = '' or r.plan = k.plan)
        and (r.country = '' or r.country = k.country)
    group by k.day, k.content_type, k.plan, k.country
)

select s.day, s.creator_id, s.content_type, s.plan, s.country, cast(s.uses as bigint) as uses, c.rate
from sums as s
left join chosen as c
    on c.day = s.day and c.content_type = s.content_type and c.plan = s.plan and c.country = s.country
