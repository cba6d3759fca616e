"""The picture of the algorithm, and the same as a list.

    from vhkg.answering.algorithm import algorithm, standings      # outside rendering
    drawn = algorithm(knowledge)                                   # once for each choice of readings
    picture(drawn, standings(drawn, answer))                       # on the Patient page
    picture(drawn, standings(drawn), links=Links(patient="/", article=""))      # on the Article page, without a patient
    picture(drawn, standings(drawn), counts={"RecommendationName": 1234})       # with a cohort

    picture(algorithm, standings, *, counts=None, links=Links(), widths=(PHONE, COLUMN, PAGE), name="map") -> Markup
    outline(algorithm, standings, *, counts=None, links=Links()) -> Markup

`picture` is a figure for a template: one SVG for each of `widths`, of which map.css shows the one that fits the place,
a legend, and the outline to open. The page links `asset("map.css")`. `name` makes ids unique where a page has two.

For scripts: what sets a fact is a link to `#fact-NAME` with `data-finding` and `data-status` (present or absent), a
box links to `#recommendation-NAME`, a sentence to `/article#S31`, a room to `/article#silence-NAME`. Every element that
belongs to recommendations lists their names in `data-recommendation` (select with `~=`), every element with a state has
`data-state`, every room `data-silence`. The class `is-lit` lights an element up.
"""

from vhkg.rendering.site.map.links import Links
from vhkg.rendering.site.map.outline import outline
from vhkg.rendering.site.map.picture import COLUMN, PAGE, PHONE, picture

__all__ = ["COLUMN", "PAGE", "PHONE", "Links", "outline", "picture"]
