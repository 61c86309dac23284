{{ config(materialized='view') }}
-- Deliveries and exposures of a day, each counted once, to be compared with the access log.
select occurred_day as day, type, node, cast(count(*) as bigint) as events
from {{ ref('deliveries') }}
group by occurred_day, type, node
