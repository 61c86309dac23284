{# The columns of `usages`, by name: the engines write "all but one" in different ways. #}
{% macro columns_of_usages(alias) -%}
    {%- for name in ['occurred_day', 'id_high', 'id_low', 'content_hash', 'source', 'id', 'type', 'occurred_us',
        'received_us', 'content_id', 'content_type', 'creator_id', 'user_id', 'action', 'brand_id', 'template_id',
        'country', 'plan', 'trace_id', 'node', 'segment', 'line', 'rule', 'is_use'] -%}
        {{ alias }}.{{ name }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
