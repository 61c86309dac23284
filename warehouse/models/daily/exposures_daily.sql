{{ config(materialized='view') }}
-- Exposures by day, app (in `source`), experiment and variation. Nodes that saw the same exposure in one window count it
-- once: it has one identity.
with shown as (
    select
        e.occurred_day,
        e.source,
        {{ member_text('e.extra', 'experiment') }} as experiment,
        {{ member_text('e.extra', 'variation') }} as variation
    from {{ ref('deliveries') }} as e
    where e.type in ('vitrine.exposure', 'com.vitrine.exposure.v1')
)

select occurred_day as day, source, experiment, variation, cast(count(*) as bigint) as exposures
from shown
group by occurred_day, source, experiment, variation
