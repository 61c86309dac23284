{{ config(materialized='view') }}
-- Uses that earned nothing because the rate card has no line for them.
select day, content_type, plan, country, cast(sum(uses) as bigint) as uses
from {{ ref('rated_uses') }}
where rate is null and uses > 0
group by day, content_type, plan, country
