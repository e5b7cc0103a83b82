"""The organisation chart (R2): units that editors keep, drawn at once wherever a page shows the chart."""
