"""What can be refused about material."""

from models.errors import BadInput, Refused


class FilingNotPossible(Refused):
    """Not from this state."""

    code = "filing_not_possible"
    template = "“{act}” is not possible while the material is “{state}”."


class MaterialChanged(Refused):
    """Somebody was faster."""

    code = "material_changed"
    template = "Material {code} has changed meanwhile. Look at it again, then decide."


class NotTheReviewer(Refused):
    """The list names somebody else."""

    code = "not_the_reviewer"
    template = "The list names {person} as the reviewer of this material."


class OwnMaterial(Refused):
    """Whoever hands in, or belongs to the unit, does not review."""

    code = "own_material"
    template = "{person} handed this in or belongs to {unit}; somebody independent must review it."


class NoFile(BadInput):
    """Material is a file, or several."""

    code = "no_material"
    template = "Hand in at least one file: PDF, Word, Excel, or a photo."
