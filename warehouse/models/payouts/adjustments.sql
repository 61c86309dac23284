{{ config(materialized='table') }}
-- Corrections of closed periods: what their days add up to now, less what statements have settled for them. Open ones
-- belong to the next open period, and move into its statement when it is closed.
with closed as (
    select max(period) as period, max(next_period) as next_period from {{ source('landing', 'closed_periods') }}
),

live as (
    select t.period as for_period, t.creator_id, t.uses, t.amount
    from {{ ref('period_totals') }} as t
    cross join closed as c
    where t.period <= c.period
),

settled as (
    select for_period, creator_id, sum(uses) as uses, sum(amount) as amount
    from {{ source('landing', 'settled') }}
    group by for_period, creator_id
),

differences as (
    select
        coalesce(l.for_period, s.for_period) as for_period,
        coalesce(l.creator_id, s.creator_id) as creator_id,
        cast(coalesce(l.uses, 0) - coalesce(s.uses, 0) as bigint) as uses,
        cast(coalesce(l.amount, 0) - coalesce(s.amount, 0) as decimal(38, 9)) as amount
    from live as l
    full outer join settled as s on s.for_period = l.for_period and s.creator_id = l.creator_id
)

select c.next_period as period, d.for_period, d.creator_id, d.uses, d.amount, 'open' as status
from differences as d
cross join closed as c
where d.uses <> 0 or d.amount <> 0
union all
select period, for_period, creator_id, uses, amount, 'closed' as status
from {{ source('landing', 'settled') }}
where for_period <> period
