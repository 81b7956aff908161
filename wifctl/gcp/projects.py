"""Resource Manager v3 over REST."""

from __future__ import annotations

from dataclasses import dataclass

from wifctl.gcp.method import Method, Repeat
from wifctl.gcp.quota import PROJECT_READ
from wifctl.gcp.rest import HttpRequest, Rest
from wifctl.names import ProjectName

_GET = Method("projects.get", Repeat.READ, PROJECT_READ)


@dataclass(frozen=True, slots=True)
class RestProjects:
    """`wifctl.api.ProjectsApi` over REST."""

    rest: Rest

    async def get(self, project: str) -> tuple[str, str]:
        """(id, number) of a project given by either."""
        name = ProjectName(project)
        request = HttpRequest("GET", "cloudresourcemanager", f"v3/{name}")
        answer = await self.rest.send(_GET, request, name)
        return str(answer["projectId"]), str(answer["name"]).removeprefix("projects/")
