"""The algorithm of the article, derived from the compiled knowledge, and how a patient stands to it.

>>> import vhkg
>>> from vhkg.answering.algorithm import algorithm, standings
>>> knowledge = vhkg.load()
>>> drawn = algorithm(knowledge)
>>> rows = [{"patient": "p", "finding": "VertebralHemangioma", "status": "absent"}]
>>> standings(drawn, knowledge.recommend(rows)[0]).of(drawn.way.gates[0].name).state
<State.CLOSED: 'closed'>
"""

from vhkg.answering.algorithm.derivation import algorithm
from vhkg.answering.algorithm.standing import standings

__all__ = ["algorithm", "standings"]
