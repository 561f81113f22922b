"""Runs a trained pipeline part after part, as Rasa's own runner does, without a scheduler.

Rasa hands each message to dask, which plans the few parts of our pipeline anew every time, with locks
for threads that it then does not use. That takes longer than understanding the message
(docs/performance.md).
"""

from typing import Any, Dict, List, Optional, Text, Tuple

from rasa.core.agent import Agent
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner

#: A part's name, the part, and the names of the parts that it takes its inputs from.
Stop = Tuple[Text, GraphNode, Tuple[Text, ...]]


class StraightGraphRunner(GraphRunner):
    """Runs the nodes of a loaded graph in an order in which each finds its inputs ready."""

    def __init__(self, schema: GraphSchema, nodes: Dict[Text, GraphNode]) -> None:
        """`nodes` are the loaded parts of `schema`, by name."""
        self._schema, self._nodes = schema, nodes
        self._ways: Dict[Tuple[Text, ...], List[Stop]] = {}

    @classmethod
    def create(cls, graph_schema, model_storage, execution_context, hooks=None):  # type: ignore
        """Load the parts of a graph as Rasa's own runner does; see GraphRunner."""
        return cls.instead_of(
            DaskGraphRunner(graph_schema, model_storage, execution_context, hooks)
        )

    @classmethod
    def instead_of(cls, runner: DaskGraphRunner) -> "StraightGraphRunner":
        """Return a runner of the parts that `runner` has loaded."""
        return cls(runner._graph_schema, runner._instantiated_nodes)

    def run(
        self,
        inputs: Optional[Dict[Text, Any]] = None,
        targets: Optional[List[Text]] = None,
    ) -> Dict[Text, Any]:
        """Return the outputs of `targets` by name (of the graph's own when there are none).

        Raises GraphRunError when an input has the name of a part, as Rasa's runner does.
        """
        given = inputs or {}
        wanted = tuple(targets or self._schema.target_names)
        if clash := given.keys() & self._nodes.keys():
            raise GraphRunError(f"The inputs {sorted(clash)} have the names of parts.")
        done: Dict[Text, Any] = {name: (name, value) for name, value in given.items()}
        for name, node, needs in self._way(wanted):
            done[name] = node(*(done.get(need, need) for need in needs))
        return dict(done[name] for name in wanted)

    def _way(self, wanted: Tuple[Text, ...]) -> List[Stop]:
        """Return what has to run for `wanted`, inputs first; planned once for the same targets."""
        if wanted not in self._ways:
            needed = self._schema.minimal_graph_schema(list(wanted)).nodes
            way: List[Stop] = []
            waiting = dict(needed)
            while waiting:
                ready = [
                    name
                    for name, part in waiting.items()
                    if not any(need in waiting for need in part.needs.values())
                ]
                if not ready:
                    raise GraphRunError(f"These parts wait for each other: {sorted(waiting)}.")
                for name in ready:
                    needs = tuple(waiting.pop(name).needs.values())
                    way.append((name, self._nodes[name], needs))
            self._ways[wanted] = way
        return self._ways[wanted]


def run_straight(agent: Agent) -> Agent:
    """Let `agent` run its pipeline without a scheduler, and without the domain that only dialogues
    need; returns it. Leaves one without a pipeline as it is.
    """
    processor = agent.processor
    if processor is not None and isinstance(processor.graph_runner, DaskGraphRunner):
        processor.graph_runner = StraightGraphRunner.instead_of(processor.graph_runner)
        # with one, even an empty one, Rasa builds an empty domain for each message to compare it
        processor.domain = None
    return agent
