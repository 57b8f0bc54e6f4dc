"""Names in sentences: from chunks, heads and left edges to candidates with a class.

Five ways lead to a name:

1. a title in 《》 is a document;
2. a chunk that closes with a head ("…创意园", "…路", "…公司") and has something specific before it;
3. a member of a list takes the class of the noun that sums the list up ("大唐、华润等一批知名企业");
4. a position that only a name can fill: what is received, hosted, put into practice;
5. a name that is known all over the country: a division, a country, a large company, a great event.

What is specific is told by statistics, not by lists of names: a word that the
reports of few places use, a place name, Latin letters, a quotation.

Each way is a module of functions ``(context, scene) -> candidates``; :mod:`~kg.extract.names.finder` calls them in turn
and lets :func:`~kg.extract.names.candidates.settle` choose between those that overlap. A way that finds nothing but
where some word or mark stands says so (:mod:`~kg.extract.names.needs`) and is called for no other sentence.
"""
