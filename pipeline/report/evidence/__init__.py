"""What evaluators ask of a survey, as pages of a unit and the city: PEKPPP indicators 6 to 9, duties of the regulation.

Every number is that of the result tables; what only the office knows comes from ``evidence.yml``. Levels are proposed
by the data and never awarded, and what nobody said is "not given".
"""
