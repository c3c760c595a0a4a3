"""The report for people who look: charts with tables and an explorer of events, in a folder of its own.

What belongs here reads the published tables and writes pages; it decides nothing about the data. What is drawn stands
in `figures`, how it is drawn in `charts`; `explore_*` make the files behind the explorer.
"""
