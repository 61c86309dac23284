{{ config(materialized='by_days') }}
-- A creator's uses and what they earn, exact to nine digits; a use without a rate earns 0 (see unrated_uses).
select
    creator_id,
    content_type,
    cast(sum(uses) as bigint) as uses,
    cast(sum(cast(uses as decimal(19, 0)) * coalesce(rate, cast(0 as decimal(18, 9)))) as decimal(38, 9)) as amount,
    day
from {{ ref('rated_uses') }}
group by day, creator_id, content_type
having sum(uses) > 0
