-- A remainder is at most half a cent, in either direction.
select * from {{ ref('payouts') }} where remainder > 0.005 or remainder < -0.005
