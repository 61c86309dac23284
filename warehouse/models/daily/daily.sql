{{ config(materialized='by_days') }}
-- Uses of a day by everything rates and reports ask for. `uses` count, `events` were received (first copies only, also
-- those that do not count), `capped` are uses a cap took.
select
    content_id,
    content_type,
    template_id,
    brand_id,
    creator_id,
    country,
    plan,
    cast(count(case when counts then 1 end) as bigint) as uses,
    cast(count(*) as bigint) as events,
    cast(count(case when capped <> '' then 1 end) as bigint) as capped,
    occurred_day as day
from {{ ref('counted_usages') }}
group by occurred_day, content_id, content_type, template_id, brand_id, creator_id, country, plan
