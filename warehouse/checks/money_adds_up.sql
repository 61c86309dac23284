-- Whatever was closed and corrected in between: all payouts with their remainders are all days' amounts, per creator,
-- to the last of nine digits.
with paid as (
    select creator_id, sum(uses) as uses, sum(cast(amount as decimal(38, 9)) + remainder) as amount
    from {{ ref('payouts') }}
    group by creator_id
),

earned as (
    select creator_id, sum(uses) as uses, sum(amount) as amount from {{ ref('creator_daily') }} group by creator_id
)

select coalesce(p.creator_id, e.creator_id) as creator_id, p.amount as paid, e.amount as earned
from paid as p
full outer join earned as e on e.creator_id = p.creator_id
where coalesce(p.amount, 0) <> coalesce(e.amount, 0) or coalesce(p.uses, 0) <> coalesce(e.uses, 0)
