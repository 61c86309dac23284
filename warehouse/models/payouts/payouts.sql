{{ config(materialized='table') }}
-- What each creator is paid for a period: the exact sum rounded once, half to even, to 0.01; the remainder stands
-- beside it, so that amount + remainder is exact. Closed periods are what their statements say.
with closed as (
    select coalesce(max(period), '') as period from {{ source('landing', 'closed_periods') }}
),

open_rows as (
    select t.period, t.creator_id, t.uses, t.amount, 0 as adjusted_uses, cast(0 as decimal(38, 9)) as adjusted_amount
    from {{ ref('period_totals') }} as t
    cross join closed as c
    where t.period > c.period
    union all
    select period, creator_id, uses, amount, uses as adjusted_uses, amount as adjusted_amount
    from {{ ref('adjustments') }}
    where status = 'open'
),

open_sums as (
    select
        period,
        creator_id,
        cast(sum(uses) as bigint) as uses,
        cast(sum(amount) as decimal(38, 9)) as exact,
        cast(sum(adjusted_uses) as bigint) as adjusted_uses,
        cast(sum(adjusted_amount) as decimal(38, 9)) as adjusted_amount
    from open_rows
    group by period, creator_id
)

select
    period,
    creator_id,
    uses,
    cast({{ half_even('exact') }} as decimal(38, 2)) as amount,
    cast(exact - {{ half_even('exact') }} as decimal(38, 9)) as remainder,
    adjusted_uses,
    adjusted_amount,
    'open' as status
from open_sums
union all
select period, creator_id, uses, amount, remainder, adjusted_uses, adjusted_amount, 'closed' as status
from {{ source('landing', 'settled_payouts') }}
