"""kg: Chinese government work reports (政府工作报告) as an RDF knowledge graph."""

__version__ = "0.1.0"
