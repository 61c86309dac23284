{{ config(materialized='view', schema='models') }}
-- What each period's days add up to now.
select
    substr(cast(day as {{ dbt.type_string() }}), 1, 7) as period,
    creator_id,
    cast(sum(uses) as bigint) as uses,
    cast(sum(amount) as decimal(38, 9)) as amount
from {{ ref('creator_daily') }}
group by substr(cast(day as {{ dbt.type_string() }}), 1, 7), creator_id
