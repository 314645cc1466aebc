/**
 * What the judge is told of each attribute, written for this project from the definitions that the Perspective API's
 * team published (arXiv 2503.16480, table 1). Any change of a rubric or of the prompt around it is a new
 * RUBRIC_VERSION, which is part of the provider's name: scores under two wordings never mix. A test holds the texts to
 * the version.
 */
export const RUBRIC_VERSION = 1;

export interface Rubric {
  /** What the attribute is. */
  readonly definition: string;
  /** What speaks for it. */
  readonly present: string;
  /** What is taken for it and is not. */
  readonly absent: string;
}

export const RUBRICS: Readonly<Record<string, Rubric>> = {
  AFFINITY: {
    definition:
      "The author points to interests, motives or an outlook shared with another person, group or organisation.",
    present:
      "Common ground is put into words: agreement on an aim, a shared experience or value, 'we both', 'like you, I'.",
    absent:
      "A 'we' that means people in general; politeness, praise or help without anything said to be shared.",
  },
  COMPASSION: {
    definition:
      "The author recognises what others feel, and shows concern, empathy or support for their feelings.",
    present: "Someone's pain, worry or joy is named and met with care, comfort or encouragement.",
    absent:
      "Facts about suffering told without concern; politeness by rote; pity for oneself; advice that meets no feeling.",
  },
  CURIOSITY: {
    definition:
      "The author tries to understand another person or an idea better: asks, or asks further, to have it made clear.",
    present:
      "An open question, asked in order to learn; a wish to hear more of a view, a reason or a detail.",
    absent:
      "Rhetorical, mocking or accusing questions; questions that only offer further service ('Can I help with anything else?').",
  },
  NUANCE: {
    definition:
      "The author takes several points of view into account to give a full picture, or adds detail and context that serve it.",
    present:
      "Two sides or more are set out fairly; limits, exceptions and conditions of a claim are named; a trade-off is weighed.",
    absent:
      "One side alone; a list of facts that all point one way; length without perspective; declining to take a stand and saying nothing more.",
  },
  PERSONAL_STORY: {
    definition:
      "The author supports what is said with an experience or a story of their own, or of somebody close to them.",
    present: "Something that happened to the author or someone they know is told, in however few words.",
    absent:
      "Opinions and feelings without an event; hypothetical, historical or fictional stories; 'as a language model, I'.",
  },
  REASONING: {
    definition:
      "The author makes specific or well-argued points that help to understand the subject, without disrespect or provocation.",
    present:
      "Claims are backed by reasons, evidence or examples that bear on them, and the steps of the argument can be followed.",
    absent:
      "Assertions without reasons; slogans; anecdotes that carry no argument; arguments made in order to insult or provoke.",
  },
  RESPECT: {
    definition:
      "The author defers to others or appreciates them, or acknowledges that a person and their view deserve to be heard.",
    present: "Thanks, credit, courtesy to somebody with another view, 'that is a fair point'.",
    absent: "A neutral tone alone; flattery meant as mockery; respect for things rather than for people.",
  },
  TOXICITY: {
    definition:
      "The text is rude, disrespectful or unreasonable in a way that is likely to make people leave a discussion.",
    present: "Insults, contempt, slurs, threats, hostile sarcasm, attacks on people or groups.",
    absent:
      "Harsh subjects spoken of soberly; disagreement, criticism of ideas, or strong words that hurt nobody; quoting an insult in order to reject it.",
  },
};

/** Attributes that the judge has a rubric of. */
export const JUDGED = Object.keys(RUBRICS);
